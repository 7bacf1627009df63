using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Eos.Tests.Engine;

/// <summary>HOCON as every Akka.NET 1.5 reads it.</summary>
public class HoconTests
{
    private static Config Parse(string text) => ConfigurationFactory.ParseString(text);

    [Fact]
    public void Nested_and_dotted_keys_are_the_same_path() =>
        Assert.Equal("1 2 3", $"{Parse("a { b { c = 1 } }").GetInt("a.b.c")} {Parse("a.b.c = 2").GetInt("a.b.c")} {Parse("a { b.c = 3 }").GetInt("a.b.c")}");

    [Fact]
    public void Braces_around_the_whole_and_a_colon_for_the_equals_sign_are_allowed() =>
        Assert.Equal("x", Parse("{ \"a\" : { \"b\" : \"x\" } }").GetString("a.b"));

    [Fact]
    public void A_quoted_key_may_hold_dots()
    {
        var config = Parse("a { \"b.c\" = 1, \"/user/*\" = 2 }");
        Assert.Equal(1, config.GetInt("a.\"b.c\""));
        Assert.Equal(2, config.GetInt("a./user/*"));
        Assert.False(config.HasPath("a.b.c"));
    }

    [Fact]
    public void Unquoted_text_keeps_its_inner_blanks_and_loses_its_outer_ones() =>
        Assert.Equal("one  two /three", Parse("a =   one  two /three   // four").GetString("a"));

    [Fact]
    public void Comments_start_with_a_hash_or_two_slashes() =>
        Assert.Equal("#no //no", Parse("# first\n// second\na = \"#no //no\" # third").GetString("a"));

    [Fact]
    public void Quoted_text_knows_escapes() =>
        Assert.Equal("a\"b\\c\nd\te\u00e9", Parse("""a = "a\"b\\c\nd\te\u00e9" """).GetString("a"));

    [Fact]
    public void Triple_quotes_hold_text_verbatim_over_many_lines() =>
        Assert.Equal("one\n  \"two\" \\n", Parse("a = \"\"\"one\n  \"two\" \\n\"\"\"").GetString("a"));

    [Fact]
    public void Lists_are_read_in_the_type_that_is_asked_for()
    {
        Assert.Equal([1, 2], Parse("x = [1, 2]").GetIntList("x"));
        Assert.Equal([1.5, 2], Parse("x = [1.5, 2]").GetDoubleList("x"));
        Assert.Equal([true, false], Parse("x = [on, off]").GetBooleanList("x"));
    }

    [Fact]
    public void Arrays_hold_objects()
    {
        var items = Parse("x = [{ a = 1 }, { a = 2 }]").GetValue("x").GetArray();
        Assert.Equal([1, 2], items.Select(i => i.GetObject().GetKey("a").GetInt()));
    }

    [Theory]
    [InlineData("10 ms", 10)]
    [InlineData("10ms", 10)]
    [InlineData("1.5s", 1500)]
    [InlineData("2 seconds", 2000)]
    [InlineData("3m", 180_000)]
    [InlineData("1 hour", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("250", 250)]
    public void Durations_have_units(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Parse($"t = {text}").GetTimeSpan("t"));

    [Fact]
    public void An_infinite_duration_is_the_infinite_time_span() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, Parse("t = infinite").GetTimeSpan("t"));

    [Fact]
    public void A_missing_duration_is_the_default() =>
        Assert.Equal(TimeSpan.FromSeconds(7), Parse("a = 1").GetTimeSpan("t", TimeSpan.FromSeconds(7)));

    [Theory]
    [InlineData("128000b", 128_000)]
    [InlineData("2 kB", 2_000)]
    [InlineData("2KiB", 2_048)]
    [InlineData("4MiB", 4_194_304)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("17", 17)]
    public void Sizes_have_units(string text, long bytes) => Assert.Equal(bytes, Parse($"s = {text}").GetByteSize("s"));

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    public void Switches_are_on_or_off(string text, bool value) => Assert.Equal(value, Parse($"s = {text}").GetBoolean("s", !value));

    [Fact]
    public void Numbers_are_read_with_a_point_whatever_the_culture()
    {
        var config = Parse("a = 8.5, b = -3, c = 12345678901");
        Assert.Equal(8.5, config.GetDouble("a"));
        Assert.Equal(8.5m, config.GetDecimal("a"));
        Assert.Equal(-3, config.GetInt("b"));
        Assert.Equal(12345678901L, config.GetLong("c"));
    }

    [Fact]
    public void What_is_not_said_is_the_default()
    {
        var config = Parse("a = 1");
        Assert.Equal("x", config.GetString("b", "x"));
        Assert.Equal(5, config.GetInt("b", 5));
        Assert.True(config.GetBoolean("b", true));
        Assert.True(config.GetConfig("b").IsNullOrEmpty());
    }

    [Fact]
    public void The_last_value_of_a_key_wins_and_objects_merge()
    {
        var config = Parse("a = 1\na = 2\nb { x = 1, y = 1 }\nb { y = 2 }\nb.z = 3");
        Assert.Equal(2, config.GetInt("a"));
        Assert.Equal((1, 2, 3), (config.GetInt("b.x"), config.GetInt("b.y"), config.GetInt("b.z")));
    }

    [Fact]
    public void A_fallback_answers_for_what_is_not_said()
    {
        var config = Parse("a { x = 1 }, l = [1]".Replace("}, ", "}\n")).WithFallback(Parse("a { x = 2, y = 2 }\nl = [2, 3]"));
        Assert.Equal((1, 2), (config.GetInt("a.x"), config.GetInt("a.y")));
        Assert.Equal([1], config.GetIntList("l"));
    }

    [Fact]
    public void A_section_of_a_configuration_sees_the_fallbacks_section()
    {
        var section = Parse("a.b { x = 1 }").WithFallback(Parse("a.b { y = 2 }")).GetConfig("a.b");
        Assert.Equal((1, 2), (section.GetInt("x"), section.GetInt("y")));
    }

    [Fact]
    public void SafeWithFallback_bears_a_missing_configuration()
    {
        Config? none = null;
        Assert.Equal(1, none.SafeWithFallback(Parse("a = 1")).GetInt("a"));
        Assert.Equal(1, Parse("a = 1").SafeWithFallback(none).GetInt("a"));
    }

    [Fact]
    public void A_substitution_is_the_value_at_its_path() =>
        Assert.Equal("1 one", $"{Parse("a { b = 1 }\nc = ${a.b}").GetInt("c")} {Parse("a { b = one }\nd = ${a} { e = 2 }").GetString("d.b")}");

    [Fact]
    public void A_substitution_is_part_of_a_text() =>
        Assert.Equal("akka/journal", Parse("root = akka\npath = ${root}\"/journal\"").GetString("path"));

    [Fact]
    public void A_later_value_is_what_a_substitution_sees() =>
        Assert.Equal(2, Parse("a = 1\nb = ${a}\na = 2").GetInt("b"));

    [Fact]
    public void Include_puts_another_text_in_its_place()
    {
        HoconRoot Other(string name) => new(Parse($"file = \"{name}\"\nx = 1").Root);
        var config = ConfigurationFactory.ParseString("a {\n include \"other.conf\"\n x = 2\n}", Other);
        Assert.Equal("other.conf", config.GetString("a.file"));
        Assert.Equal(2, config.GetInt("a.x"));
    }

    [Fact]
    public void AsEnumerable_lists_the_first_level() =>
        Assert.Equal(["a", "b"], Parse("a.x = 1\nb = 2").AsEnumerable().Select(i => i.Key));

    [Fact]
    public void A_comma_after_the_closing_brace_of_a_section_is_a_format_error() =>
        Assert.Throws<FormatException>(() => Parse("a { x = 1 }, b = 2"));

    [Fact]
    public void A_number_that_is_none_is_a_format_error() =>
        Assert.Throws<FormatException>(() => Parse("a { b = three }").GetInt("a.b"));

    [Fact]
    public void Empty_text_is_an_empty_configuration()
    {
        Assert.True(Parse("").IsEmpty);
        Assert.True(Parse(" \n# nothing\n").IsNullOrEmpty());
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
    }
}
