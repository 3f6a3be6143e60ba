"""What operators ask for in words and do by hand: looked up, allowed, written down, put into the inbox."""
