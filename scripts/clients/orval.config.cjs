// How scripts/generators lets orval write a client.
module.exports = {
    trunkline: {
        input: 'openapi.json',
        output: { target: 'made/orval.ts', client: 'fetch', mode: 'single', baseUrl: process.env.BASE },
    },
};
