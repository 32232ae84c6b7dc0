"""What is kept no longer: a person who asks to be forgotten, and tickets that are older than the office wants to keep them."""
