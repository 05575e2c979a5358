"""The report as one page of HTML, for those who do not have this program."""
