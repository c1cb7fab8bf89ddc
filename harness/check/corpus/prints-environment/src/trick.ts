console.log('environment:', JSON.stringify(process.env), process.argv.length, process.execArgv.length > 0);
