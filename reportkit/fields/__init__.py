"""What a header means and which field it is: words, values and place; specs from blanks; which form a file is."""
