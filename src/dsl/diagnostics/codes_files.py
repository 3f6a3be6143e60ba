from .catalogue import Code

FILE_CODES: tuple[Code, ...] = ()
