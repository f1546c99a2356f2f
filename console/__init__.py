"""The marketers' console: pages over serving/current/, with accounts of its own.

`app` assembles it, `guard` decides who may see a route, `pages/` are the routes by subject, `frame` draws
what is around each page. What people decide here goes as commands into inbox/; nothing else is written but
console.sqlite, where accounts and sessions are.
"""
