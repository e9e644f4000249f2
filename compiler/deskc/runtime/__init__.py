"""The bot's side: load, verify, bind late references, freeze; the standard library and core alone."""
