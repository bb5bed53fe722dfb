"""How bytes travel between the workbench and a payment center."""
