"""What is to be run: arms, settings, and plans made from them."""
