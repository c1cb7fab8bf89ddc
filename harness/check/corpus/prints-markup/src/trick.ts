const text = '<script>alert(1)</script> ![x](http://127.0.0.1/x.png) [x](javascript:alert(1)) @everyone\n```\n# owned\n</pre>';
console.log(text);
throw new Error(text);
