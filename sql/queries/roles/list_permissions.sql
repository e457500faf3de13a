select name, permissions from roles
