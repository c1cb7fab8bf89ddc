const text = ']]> &amp; \u0000 \u000b \ufffe \ud800 <![CDATA[ --> <?xml ?>';
console.log(text);
throw new Error(text);
