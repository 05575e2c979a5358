"""The model of a file: functions, sites and handler stacks, and what each stack does."""
