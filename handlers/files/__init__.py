"""Files: what is sent with a report or a comment is kept with it, shown where it is shown, brought along where it is copied, and goes when
it is deleted where it stood."""
