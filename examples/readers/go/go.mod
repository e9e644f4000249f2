module example.org/deskc/reader

go 1.19
