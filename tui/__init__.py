"""The terminal app: `app` is the whole, `rooms` where one can go; a folder is a room or what rooms are made of."""
