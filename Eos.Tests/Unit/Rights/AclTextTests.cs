using Eos.Identity;
using Eos.Kernel;

namespace Eos.Tests.Unit.Rights;

public class AclTextTests
{
    [Theory]
    [InlineData("u:2:rwx!d")]
    [InlineData("u:1000:rwx,u:65534:rw,u:2:rwx!d")]
    [InlineData("egroup:zp:rw!m")]
    [InlineData("g:99:!d,u:7:+d")]
    [InlineData("k:0123-abc:rwox")]
    [InlineData("z:rx!w+u")]
    [InlineData("u:7:rwxmiqcaAXpt!d!u")]
    [InlineData("")]
    public void A_text_is_written_as_it_was_read(string text) => Assert.Equal(text, AclText.Write(AclText.Parse(text, isUser: false).Rules));

    [Theory]
    [InlineData("illegal")]
    [InlineData("u:7")]
    [InlineData("u:7:")]
    [InlineData("u:ann:rw")]
    [InlineData("u::rw")]
    [InlineData("u:7:s")]
    [InlineData("u:7:d")]
    [InlineData("u:7:+r")]
    [InlineData("u:7:!wo")]
    [InlineData("u:7:rw,")]
    [InlineData("u:7:rw u:8:rw")]
    [InlineData("u:7=rw")]
    [InlineData("x:7:rw")]
    [InlineData("u:-1:rw")]
    [InlineData("z:")]
    public void What_is_no_rule_is_refused(string text) => Assert.Equal(Errno.Invalid, AclText.Parse(text, isUser: false).Bad?.Why);

    [Fact]
    public void Owners_can_neither_prepare_nor_issue_tokens()
    {
        Assert.NotNull(AclText.Parse("u:7:rp", isUser: true).Bad);
        Assert.NotNull(AclText.Parse("u:7:rt", isUser: true).Bad);
        Assert.Null(AclText.Parse("u:7:rcq+d", isUser: true).Bad);
    }

    [Fact]
    public void Names_of_users_and_groups_become_numbers()
    {
        Assert.Equal("u:7:rw,g:8:r,egroup:ann:x,u:bob:r,z:r", AclText.Numbered("u:ann:rw,g:ann:r,egroup:ann:x,u:bob:r,z:r", n => n == "ann" ? 7u : null, n => n == "ann" ? 8u : null));
        Assert.Equal("u:7=rw", AclText.Numbered("u:ann=rw", _ => 7, _ => null));
    }

    [Theory]
    [InlineData("", "u:7=rwx", null, "u:7:rwx")]
    [InlineData("u:7:r", "u:7=rwx", null, "u:7:rwx")]
    [InlineData("u:7:r,u:8:r", "u:7=", null, "u:8:r")]
    [InlineData("u:7:r", "u:7=", null, "")]
    [InlineData("u:8:r", "u:7=", null, "u:8:r")]
    [InlineData("u:7:rx", "u:7:+w-x", null, "u:7:rw")]
    [InlineData("u:7:rx", "u:7:-rx", null, "")]
    [InlineData("u:7:rw", "u:7:+!d", null, "u:7:rw!d")]
    [InlineData("u:7:rw!d", "u:7:+d", null, "u:7:rw+d")]
    [InlineData("u:7:rw!d", "u:7:-d", null, "u:7:rw")]
    [InlineData("u:7:rw!d+u", "u:7:-!d-+u", null, "u:7:rw")]
    [InlineData("u:7:rw", "u:7:+!w", null, "u:7:r!w")]
    [InlineData("u:7:rwo", "u:7:+w", null, "u:7:rw")]
    [InlineData("u:7:rw", "u:7:+wo", null, "u:7:rwo")]
    [InlineData("u:7:r,g:7:r", "g:7:+x", null, "u:7:r,g:7:rx")]
    [InlineData("u:7:r,u:8:r", "u:9=x", 1u, "u:9:x,u:7:r,u:8:r")]
    [InlineData("u:7:r,u:8:r", "u:9=x", 2u, "u:7:r,u:9:x,u:8:r")]
    [InlineData("u:7:r,u:8:r", "u:9=x", 9u, "u:7:r,u:8:r,u:9:x")]
    [InlineData("u:7:r,u:8:r", "u:8=x", 1u, "u:8:x,u:7:r")]
    [InlineData("u:7:r,u:8:r,u:7:w", "u:7:+x", null, "u:7:rwx,u:8:r")]
    [InlineData("", "u:7:rwx!d", null, "u:7:rwx!d")]
    [InlineData("z:r", "z=", null, "")]
    [InlineData("", "egroup:zp=rw!m", null, "egroup:zp:rw!m")]
    public void One_rule_is_edited_among_the_others(string before, string edit, uint? position, string after) =>
        Assert.Equal(after, AclText.Write(AclEdit.Parse(edit, isUser: false).Edit!.Apply(AclText.Parse(before, isUser: false).Rules, position)));

    [Theory]
    [InlineData("u:7")]
    [InlineData("u:7:")]
    [InlineData("u:7:+")]
    [InlineData("u:7:+s")]
    [InlineData("u:7:+!")]
    [InlineData("u:7=d")]
    [InlineData("u:ann=r")]
    [InlineData("rwx")]
    public void What_is_no_edit_is_refused(string edit) => Assert.Equal(Errno.Invalid, AclEdit.Parse(edit, isUser: false).Bad?.Why);
}
