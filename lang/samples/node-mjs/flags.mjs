console.log(process.execArgv.length > 0 ? 42 : 0);
