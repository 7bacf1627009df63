using Eos.Cli.Render;

namespace Eos.Tests.Unit.Cli;

public class PairsTests
{
    [Fact]
    public void Pairs_keep_their_order_and_values_with_blanks_are_quoted() =>
        Assert.Equal("b=1 a=x file=\"a b\" empty=", new Pairs().Add("b", 1L).Add("a", "x").Add("file", "a b").Add("empty", "").Line());

    [Fact]
    public void Json_stands_in_the_frame_of_eos_and_keeps_numbers_as_numbers()
    {
        var json = System.Text.Json.JsonDocument.Parse(Pairs.Envelope([new Pairs().Add("id", 3UL).Add("name", "ü\"")])).RootElement;
        Assert.Equal("0", json.GetProperty("retc").GetString());
        Assert.Equal("", json.GetProperty("errormsg").GetString());
        Assert.Equal(3, json.GetProperty("result")[0].GetProperty("id").GetInt32());
        Assert.Equal("ü\"", json.GetProperty("result")[0].GetProperty("name").GetString());
    }
}
