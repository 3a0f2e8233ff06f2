-- Searches over HTTP, for wrk. MODE=mixed (default): queries as a newsroom sends them, some often, most seldom (2,000
-- of them, the n-th about as often as 1/n: one query in 11 is the first, one in 2 among the first 45); MODE=distinct:
-- none twice, so that every one is searched. A server that has just started, or has just seen a commit, has no answers
-- ready: its first 20 seconds are the hardest. wrk corrects for the requests that a slow answer held up, so that its p99
-- is more than that of the answers.
--
--   searcher serve --workers 2 --port 8000 2>/dev/null
--   MODE=mixed wrk -t2 -c8 -d30s -s benchmarks/load.lua http://127.0.0.1:8000
--
-- PAUSE=30 has every connection wait 30 ms on average before it asks again: with 12 of them less than 400 searches a
-- second, rather than as many as there can be.

local words = {
  "民生", "行政处罚", "就业", "教育", "环境保护", "人民法院", "登记", "申请", "国务院", "个人所得税", "未成年人", "公司", "股东", "会议",
  "责任", "规定", "保险", "税务", "合同", "劳动", "安全生产", "食品", "药品", "土地", "房屋", "知识产权", "证券", "银行", "监督", "管理",
  "条例", "办法", "标准", "许可", "公开", "信息", "统计", "审计", "财政", "预算",
}
local mode = os.getenv("MODE") or "mixed"
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function encode(text)
  return (text:gsub("[^%w]", function(byte) return string.format("%%%02X", string.byte(byte)) end))
end

-- The n-th query: a word, two words, or a phrase with facets.
local function query(n)
  local first, second = words[n % #words + 1], words[math.floor(n / #words) % #words + 1]
  if n < #words then return encode(first) end
  if n % 5 == 0 then return encode('"' .. first .. '"') .. "&facets=year,institution&offset=" .. math.floor(n / #words) end
  return encode(first .. " " .. second)
end

local asked = 0
local pause = tonumber(os.getenv("PAUSE") or "0")

if pause > 0 then
  function delay()
    return math.floor(-pause * math.log(1 - math.random()))
  end
end

function init()
  math.randomseed(number + 1)
end

function request()
  local path
  if mode == "distinct" then
    local n = asked * 2 + number
    path = query(n % 1600) .. "&snippet=" .. 100 + math.floor(n / 1600)
    asked = asked + 1
  else
    path = query(math.floor(2000 ^ math.random()) - 1)
  end
  return wrk.format("GET", "/api/v1/search?q=" .. path)
end

function done(summary, latency)
  io.write(string.format("%s: %.0f searches/s, p50 %.1f, p90 %.1f, p99 %.1f ms, %d not 200, %d late\n", mode,
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(90) / 1000,
    latency:percentile(99) / 1000, summary.errors.status, summary.errors.timeout))
end
