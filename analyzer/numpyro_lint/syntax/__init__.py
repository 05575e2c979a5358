"""Reading Python text: trees, import names, comments."""
