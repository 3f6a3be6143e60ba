"""What is laid over a screen and gives something back: a question, a choice, a form, help."""
