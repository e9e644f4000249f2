"""Market facts of a desk's exchanges, and the sizes of orders that they allow: pure, with exact decimals."""
