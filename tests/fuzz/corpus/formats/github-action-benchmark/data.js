window.BENCHMARK_DATA = {
  "lastUpdate": 1573312140399, "repoUrl": "https://example.org/x",
  "entries": {
    "Go": [
      {"commit": {"id": "aaa1aaa1aaa1aaa1aaa1aaa1aaa1aaa1aaa1aaa1", "message": "one", "timestamp": "2019-11-10T00:06:58+09:00", "url": "u"}, "date": 1573312140323, "tool": "go", "benches": [{"name": "BenchmarkA", "value": 325.5, "unit": "ns/op", "extra": "5000000 times"}]},
      {"commit": {"id": "aaa2aaa2aaa2aaa2aaa2aaa2aaa2aaa2aaa2aaa2", "message": "two", "timestamp": "2019-11-11T00:06:58+09:00", "url": "u"}, "date": 1573398540323, "tool": "go", "benches": [{"name": "BenchmarkA", "value": 326, "unit": "ns/op\t 4.000 more", "extra": "5000000 times"}]}],
    "Custom": [
      {"commit": {"id": "aaa1aaa1aaa1aaa1aaa1aaa1aaa1aaa1aaa1aaa1", "message": "one", "timestamp": "2019-11-10T00:06:58+09:00", "url": "u"}, "date": 1573312140324, "tool": "customBiggerIsBetter", "benches": [{"name": "score", "value": 3, "unit": "points", "range": "3"}]}]}}
