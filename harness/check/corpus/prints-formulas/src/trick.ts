console.log('=HYPERLINK("http://127.0.0.1/","open")\n+1+1\n-1+1\n@SUM(1)\n\t=1\n"=1",=2');
throw new Error('=1+1');
