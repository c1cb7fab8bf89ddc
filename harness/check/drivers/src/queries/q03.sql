ATTACH DATABASE 'x.sqlite' AS x
