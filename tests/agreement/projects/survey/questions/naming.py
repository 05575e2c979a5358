SEPARATOR = "."


def site_name(*parts):
    return SEPARATOR.join(parts)
