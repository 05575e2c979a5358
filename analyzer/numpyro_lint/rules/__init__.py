"""The rules, one file each: the file's name is the rule's name. They never import each other."""
