"""Every table of the plan, ready for the page and the workbook."""
