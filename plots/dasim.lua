-- Wireshark takes the messages of dasim apart: `wireshark -X lua_script:dasim.lua run.pcapng`, then
-- filter by dasim.type == "REQUEST", dasim.component, dasim.record; tshark does the same.

local dasim = Proto("dasim", "dasim message")
local component = ProtoField.string("dasim.component", "Component")
local kind = ProtoField.string("dasim.type", "Type")
local number = ProtoField.uint64("dasim.record", "Record")
local body = ProtoField.string("dasim.body", "Body")
dasim.fields = { component, kind, number, body }

function dasim.dissector(buffer, packet, tree)
  local text = buffer():string()
  local shape = '^{"component":"([^"]*)","type":"([^"]*)","record":(%d+),"body":(.*)}$'
  local its = { text:match(shape) }
  if #its < 4 then return 0 end
  packet.cols.protocol = "dasim"
  packet.cols.info = its[2] .. " " .. its[4]
  local branch = tree:add(dasim, buffer())
  branch:add(component, its[1])
  branch:add(kind, its[2])
  branch:add(number, UInt64.new(tonumber(its[3])))
  branch:add(body, its[4])
  return buffer:len()
end

DissectorTable.get("udp.port"):add(24680, dasim)
