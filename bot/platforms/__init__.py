"""Where people are: each folder turns a platform's payloads into requests and replies into payloads."""
