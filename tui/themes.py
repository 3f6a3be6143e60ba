"""Two calm themes: ink on paper, and the same by night."""

from textual.theme import Theme

LIGHT = Theme(
    name="segue-light",
    primary="#2f6f8f",
    secondary="#6b7f52",
    accent="#b5651d",
    warning="#a86a00",
    error="#b3382c",
    success="#3d7a44",
    foreground="#2b2b2b",
    background="#fbfaf6",
    surface="#f2f0e9",
    panel="#e6e3d8",
    dark=False,
    variables={
        "footer-key-foreground": "#2f6f8f",
        "muted": "#77736a",
        "quiet": "#d6d1c3",
        "block-cursor-text-style": "none",
    },
)
DARK = Theme(
    name="segue-dark",
    primary="#7fb7d4",
    secondary="#a9bf8a",
    accent="#e0a266",
    warning="#d9a441",
    error="#e0786c",
    success="#86c08c",
    foreground="#d8d6cf",
    background="#16191c",
    surface="#1d2125",
    panel="#2a3036",
    dark=True,
    variables={
        "footer-key-foreground": "#7fb7d4",
        "muted": "#858b90",
        "quiet": "#3b434a",
        "block-cursor-text-style": "none",
    },
)
