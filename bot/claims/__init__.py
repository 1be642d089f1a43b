"""What was found about a picture, and which findings become claims. Only here and in ``bot/questions`` are any made."""
