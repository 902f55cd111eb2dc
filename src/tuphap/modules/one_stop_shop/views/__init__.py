"""The desk's pages: parse, one call, answer. Split by who looks at them."""
