"""Places of secrets that need a library: an age-encrypted file, Vault. `deskc.runtime.secrets` opens them by name."""
