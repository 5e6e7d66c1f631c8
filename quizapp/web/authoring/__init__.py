"""The pages on which teachers write decks."""
