"""What is owed: from disposals and a year's facts to the lines of the return."""
