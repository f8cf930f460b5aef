"""Control charts: is this only the usual variation, or did something change?"""
