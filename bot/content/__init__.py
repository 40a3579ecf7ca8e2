"""The code that reads `content/`: strict YAML into frozen models, every problem with file and line."""
