"""The bot's end of each kind of channel; `deskc.runtime.channel` says what it does."""
