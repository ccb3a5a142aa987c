"""Tools of the checkout, none of them part of the library."""
