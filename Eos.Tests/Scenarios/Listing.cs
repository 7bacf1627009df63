using System.Text.RegularExpressions;
using Eos.Kernel;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios A 19 to 24: `ls`, patterns, names with brackets.</summary>
public abstract class Listing(ScenarioInstance instance) : Scenario(instance)
{
    [Fact]
    public async Task A19_Sizes_for_people_begin_at_ten_thousand()
    {
        foreach (var (size, shown) in new[] { (2_000_000, "2.00 M"), (15_000, "15.00 k"), (5_000, "5000") })
        {
            await Up(Yes(size), $"{D}/file");
            foreach (var line in new[] { $"ls -lh {D}", $"ls -l -h {D}", $"ls {D} -lh" }) Assert.Contains($" {shown} ", await Ok(line));
            Assert.Contains($" {size} ", await Ok($"ls -l {D}"));
        }
    }

    [Fact]
    public async Task A21_Every_option_of_ls_shows_what_it_says()
    {
        await Ok($"mkdir {D}/subdir");
        await Up(Passwd, $"{D}/.hidden");
        await Up(Passwd, $"{D}/file");
        Assert.DoesNotContain(".hidden", await Ok($"ls {D}"));
        Assert.Contains(".hidden", await Ok($"ls -a {D}"));
        Assert.Equal($"{D[(D.LastIndexOf('/') + 1)..]}\n", await Ok($"ls -d {D}"));
        Assert.StartsWith("d", Assert.Single(Lines(await Ok($"ls -ld {D}"))));
        Assert.Contains("subdir/", await Ok($"ls -F {D}"));
        Assert.All(Lines(await Ok($"ls -li {D}")), line => Assert.Matches(@"^\s*\d+ ", line));
        Assert.All(Lines(await Ok($"ls -c {D}")), line => Assert.Matches(@"^.{34} [-dl]", line));
        Assert.All(Lines(await Ok($"ls -ln {D}")), line => Assert.Matches(@"^[-dl]\S+ +\d+ \d+ +\d+ ", line));
        Assert.Equal("", await Ok($"ls -s {D}"));
        await Fails($"ls -s {D}/missing");
        foreach (var ignored in new[] { "-r", "-t" }) Assert.Equal(await Ok($"ls {D}"), await Ok($"ls {ignored} {D}"));
    }

    [Fact]
    public async Task A22_A_pattern_stands_for_the_names_that_fit()
    {
        foreach (var name in new[] { "fic1.txt", "fic2.txt", "fic3.txt", "fact.txt" }) await Up(Passwd, $"{D}/{name}");
        Assert.Equal(3, Lines(await Ok("ls", $"{D}/fic*.txt")).Length);
        await Fails("ls", "-N", $"{D}/fic*.txt");
        await Up(Passwd, $"{D}/x{{1..3}}");
        Assert.Single(Lines(await Ok("ls", $"{D}/x{{1..3}}")));
    }

    [Fact]
    public async Task A24_Brackets_are_a_pattern_unless_they_are_not()
    {
        await Up(Passwd, $"{D}/Perso[2ou52].pdf");
        await Fails("rm", $"{D}/Perso[2ou52].pdf");
        await Ok("rm", "--no-globbing", $"{D}/Perso[2ou52].pdf");
        foreach (var name in new[] { "number1pattern", "number2pattern", "numberXpattern" }) await Up(Passwd, $"{D}/{name}");
        await Ok("rm", $"{D}/number[1-9]pattern");
        Assert.Equal("numberXpattern\n", await Ok($"ls {D}"));
        await Fails("rm", $"{D}/number{{1..9}}pattern");
    }

    [Fact]
    public async Task A29_A_loop_of_links_is_made_and_leads_nowhere()
    {
        await Ok($"ln {D}/fwd {D}/bwd");
        await Ok($"ln {D}/bwd {D}/fwd");
        await Fails($"ls {D}/fwd/");
        await Fails(Errno.Exists, $"ln {D}/fwd {D}/else");
    }
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class ListingOnThree(ScenarioInstance instance) : Listing(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class ListingOnTwo(ScenarioInstanceWithoutOne instance) : Listing(instance);
