"""The files of the ERP: read as a mapping says, every cell typed or told as a problem."""
