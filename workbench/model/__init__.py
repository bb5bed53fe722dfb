"""The words of the house: money, dates, statuses, problems, texts and frame schemas."""
