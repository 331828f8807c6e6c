"""Words to tokens to places."""
