using Akka.Configuration;

namespace Eos.Tests.Engine.Embedded;

/// <summary>
/// HOCON as its specification has it, beyond what the parser inside Akka.NET 1.5 reads: self reference, optional substitutions,
/// the environment, substitution across fallbacks, +=, and errors that name the line. Our own files use none of it.
/// </summary>
public class HoconSpecificationTests
{
    private static Config Parse(string text) => ConfigurationFactory.ParseString(text);

    [Fact]
    public void Arrays_are_separated_by_commas_or_lines() =>
        Assert.Equal(["a", "b", "c"], Parse("x = [a, \"b\"\n c\n]").GetStringList("x"));

    [Fact]
    public void Arrays_and_objects_written_side_by_side_are_joined()
    {
        Assert.Equal([1, 2, 3], Parse("a = [1]\nb = ${a} [2, 3]").GetIntList("b"));
        Assert.Equal([1, 2], Parse("b = [1] [2]").GetIntList("b"));
    }

    [Fact]
    public void A_key_may_refer_to_its_own_older_value() =>
        Assert.Equal("/bin:/usr/bin", Parse("path = /bin\npath = ${path}\":/usr/bin\"").GetString("path"));

    [Fact]
    public void A_substitution_sees_the_fallback() =>
        Assert.Equal(3, Parse("a = ${b.c}").WithFallback(Parse("b.c = 3")).GetInt("a"));

    [Fact]
    public void A_substitution_in_the_fallback_sees_what_stands_above_it() =>
        Assert.Equal("mine", Parse("name = mine").WithFallback(Parse("name = theirs\nalias = ${name}")).GetString("alias"));

    [Fact]
    public void A_substitution_falls_back_to_the_environment()
    {
        Environment.SetEnvironmentVariable("EOS_HOCON_TEST", "from outside");
        Assert.Equal("from outside", Parse("a = ${EOS_HOCON_TEST}").GetString("a"));
    }

    [Fact]
    public void An_optional_substitution_of_nothing_leaves_the_value_below()
    {
        Assert.False(Parse("a = ${?nowhere}").HasPath("a"));
        Assert.Equal(1, Parse("a = 1\na = ${?nowhere}").GetInt("a"));
        Assert.Equal(1, Parse("a = ${?nowhere}").WithFallback(Parse("a = 1")).GetInt("a"));
    }

    [Fact]
    public void A_substitution_of_nothing_is_an_error_that_names_it() =>
        Assert.Contains("no.where", Assert.Throws<FormatException>(() => Parse("a = ${no.where}").GetInt("a")).Message);

    [Fact]
    public void Substitutions_in_a_circle_are_an_error_and_no_endless_loop() =>
        Assert.Throws<FormatException>(() => Parse("a = ${b}\nb = ${c}\nc = ${a}").GetInt("a"));

    [Fact]
    public void Plus_equals_appends_to_the_array_that_stands_there_or_below()
    {
        Assert.Equal([1, 2], Parse("a { l = [1] }\na { l += 2 }").GetIntList("a.l"));
        Assert.Equal([1], Parse("l += 1").GetIntList("l"));
        Assert.Equal([0, 1, 2], Parse("l += 1\nl += 2").WithFallback(Parse("l = [0]")).GetIntList("l"));
    }

    [Fact]
    public void Null_is_a_value_without_text()
    {
        var config = Parse("a = null").WithFallback(Parse("a = 1"));
        Assert.True(config.HasPath("a"));
        Assert.Null(config.GetString("a"));
    }

    [Fact]
    public void An_object_with_numbers_for_keys_reads_as_an_array() =>
        Assert.Equal(["a", "b"], Parse("l.1 = b\nl.0 = a").GetStringList("l"));

    [Theory]
    [InlineData("a = 1\nb = \"open\nc = 2", "line 2")]
    [InlineData("a {\n b = 1\n", "line 1")]
    [InlineData("a = 1\n}", "line 2")]
    [InlineData("a = [1, 2\nb = 3", "line 2")]
    [InlineData("a\n\n= \n}", "line 4")]
    [InlineData("a = \"\"\"x", "line 1")]
    [InlineData("\na = x:y", "line 2")]
    [InlineData("just words", "line 1")]
    public void Broken_text_is_a_format_error_that_names_the_line(string text, string line) =>
        Assert.Contains(line, Assert.Throws<FormatException>(() => Parse(text)).Message);

    [Fact]
    public void What_is_rendered_parses_back()
    {
        var config = Parse("a { \"b.c\" = \"x y\\n\\\"\", d = [1, { e = null }], f = ${g} }\ng = 10ms");
        var again = Parse(config.Root.ToString());
        Assert.Equal(config.Root.ToString(), again.Root.ToString());
        Assert.Equal("x y\n\"", again.GetString("a.\"b.c\""));
        Assert.Equal(TimeSpan.FromMilliseconds(10), again.GetTimeSpan("a.f"));
    }
}
