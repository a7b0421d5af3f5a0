proc answer*(): int = 42
