"""LibreOffice Calc through UNO, inside the program: worksheet functions, and the verbs on the open document."""
