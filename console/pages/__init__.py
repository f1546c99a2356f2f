"""The pages by subject; each file's `router` has a line in console/app.py, its place in navigation.py."""
