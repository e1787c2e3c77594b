"""Files in and out: CSV that spreadsheets read and write."""
