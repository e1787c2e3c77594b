"""The store: SQLite by default, PostgreSQL by URL. All SQL of the product lives here."""
