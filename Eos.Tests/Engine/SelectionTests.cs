using Akka.Actor;
using Akka.Event;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Finding actors by path: a tree a/{b,c}/{one,two} under /user.</summary>
public class SelectionTests : ActorTest
{
    private readonly Dictionary<string, IActorRef> _tree = [];

    private sealed class Node : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ("make", string name):
                    Sender.Tell(Context.ActorOf(Props.Create<Node>(), name));
                    break;
                case ("select", string path):
                    Context.ActorSelection(path).Tell("who", Sender);
                    break;
                case "who":
                    Sender.Tell(Self.Path.ToStringWithoutAddress());
                    break;
            }
        }
    }

    public SelectionTests()
    {
        _tree["a"] = Sys.ActorOf(Props.Create<Node>(), "a");
        foreach (var (parent, name) in new[] { ("a", "b"), ("a", "c"), ("b", "one"), ("b", "two"), ("c", "one") })
        {
            _tree[parent].Tell(("make", name));
            _tree[parent + "/" + name] = _tree[name] = ExpectMsg<IActorRef>();
        }
    }

    private void Finds(string path, params string[] found)
    {
        Sys.ActorSelection(path).Tell("who");
        ExpectMsgAllOf([.. found.Select(f => "/user/" + f)]);
        ExpectNoMsg(40);
    }

    [Fact]
    public void An_absolute_path_finds_one_actor() => Finds("/user/a/b/one", "a/b/one");

    [Fact]
    public void A_full_path_with_address_finds_one_actor() => Finds($"akka://{Sys.Name}/user/a/c", "a/c");

    [Fact]
    public void A_star_finds_all_children() => Finds("/user/a/*", "a/b", "a/c");

    [Fact]
    public void A_star_in_the_middle_fans_out() => Finds("/user/a/*/one", "a/b/one", "a/c/one");

    [Fact]
    public void A_star_in_a_name_stands_for_any_text() => Finds("/user/a/b/t*", "a/b/two");

    [Fact]
    public void A_question_mark_stands_for_one_character() => Finds("/user/a/?", "a/b", "a/c");

    [Fact]
    public void Two_dots_lead_to_the_parent() => Finds("/user/a/b/../c", "a/c");

    [Fact]
    public void A_relative_path_starts_at_the_actor_that_selects()
    {
        _tree["c"].Tell(("select", "../b/two"));
        ExpectMsg("/user/a/b/two");
        _tree["c"].Tell(("select", "one"));
        ExpectMsg("/user/a/c/one");
    }

    [Fact]
    public void A_selection_may_start_at_a_reference()
    {
        Sys.ActorSelection(_tree["a"], "b/*").Tell("who");
        ExpectMsgAllOf("/user/a/b/one", "/user/a/b/two");
    }

    [Fact]
    public void A_selection_of_nothing_is_a_dead_letter() =>
        EventFilter.DeadLetter<string>().ExpectOne(() => Sys.ActorSelection("/user/a/nobody").Tell("who"));

    [Fact]
    public void Identify_through_a_selection_tells_who_is_there_and_that_nobody_is()
    {
        Sys.ActorSelection("/user/a/b").Tell(new Identify(1));
        Assert.Equal(_tree["b"], ExpectMsg<ActorIdentity>().Subject);
        Sys.ActorSelection("/user/a/nobody").Tell(new Identify(2));
        var none = ExpectMsg<ActorIdentity>();
        Assert.Equal((2, (IActorRef?)null), (none.MessageId, none.Subject));
    }

    [Fact]
    public async Task ResolveOne_finds_the_reference_or_fails()
    {
        Assert.Equal(_tree["b"], await Sys.ActorSelection("/user/a/b").ResolveOne(TimeSpan.FromSeconds(60)));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/a/nobody").ResolveOne(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_selection_can_be_asked() =>
        Assert.Equal("/user/a/c", await Sys.ActorSelection("/user/a/c").Ask<string>("who", TimeSpan.FromSeconds(60)));

    [Fact]
    public void A_selection_is_looked_up_anew_each_time()
    {
        var selection = Sys.ActorSelection("/user/later");
        EventFilter.DeadLetter<string>().ExpectOne(() => selection.Tell("who"));
        Sys.ActorOf(Props.Create<Node>(), "later");
        selection.Tell("who");
        ExpectMsg("/user/later");
    }
}
