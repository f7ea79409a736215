console.log('codeland-test-agent: up');
setInterval(() => {}, 1 << 30);
