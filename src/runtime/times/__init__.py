"""Time: zones, calendars, windows and the edges of conditions. Pure functions of ints (X13-X16); no clock is read."""
